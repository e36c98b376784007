"""Staff: accounts, positions, departments, roles of a hall's own, substitutes, imports, the directory."""
