"""Calendar files, as programs export them and as nobody should write them."""
