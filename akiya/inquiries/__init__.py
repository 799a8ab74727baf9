"""Inquiries: who asked, viewed or came for advice, noted without names."""
