"""What only the whole run can tell, as folds with types of their own."""
