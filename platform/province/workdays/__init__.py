"""工作日历: which days people work, by year and place: the State Council's notice for the whole country, the legal
holidays of a province or an area, and the days that a hall arranges for itself. A hall's weekly hours stand in
``province.halls``."""
