"""What every page stands on: forms, filters, assets, errors, languages and limits."""
