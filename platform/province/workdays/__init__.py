"""工作日历: which days people work, by year and place: the State Council's notice for the whole country, and the legal
holidays of a province or an area. When a hall is open is the hall's own (``province.halls``), and moves no limit."""
