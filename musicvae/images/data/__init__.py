"""Any pictures -> arrays -> batches of tensors, and pictures as files."""
