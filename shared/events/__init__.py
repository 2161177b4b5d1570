"""Every event of the flow. One module per writer; `codec` turns them into bytes and back."""
