"""Two small apps that contribute to every slot, one of the province's and one of county halls: nothing outside their
folders knows them but the lists in ``settings.py``. They run in a process of their own (``checks.py``)."""
