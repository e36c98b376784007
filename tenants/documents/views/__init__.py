"""Pages of documents: at the desk, and for anybody who checks one."""
