"""表单、流程、待办: a hall's forms and flows, what runs of them, and whose turn it is; neither cases nor documents."""
