"""The files beside the database: whether each belongs to a row, and moving them elsewhere."""
