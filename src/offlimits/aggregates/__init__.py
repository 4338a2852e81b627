"""What only the whole run can tell. One file per aggregate, each a pure fold over what the parts gave."""
