"""Joins the parts by plain constructor calls. Only here and in the commands is a provider named."""
