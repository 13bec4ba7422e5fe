package config

import "log/slog"

// Secret is a value that must not be read by chance: however it is printed,
// logged or marshalled, it shows as ***.
type Secret string

const hidden = "***"

// Reveal returns the value, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// Set says whether there is a value.
func (s Secret) Set() bool { return s != "" }

func (s Secret) mask() string {
	if s == "" {
		return ""
	}
	return hidden
}

// String hides the value.
func (s Secret) String() string { return s.mask() }

// GoString hides the value.
func (s Secret) GoString() string { return s.mask() }

// MarshalText hides the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.mask()), nil }

// LogValue hides the value.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.mask()) }
