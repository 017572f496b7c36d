"""A practice's years with truth beside them: what harm a refresh does, and what it asks for that."""
