"""What notifications keeps in MongoDB beside the messages of `store`, and how documents are made of notices and back."""
