package embeddings

import "log/slog"

// Key opens the endpoint. However it is printed, logged or marshalled, it shows
// as ***.
type Key string

func (k Key) mask() string {
	if k == "" {
		return ""
	}
	return "***"
}

// String hides the key.
func (k Key) String() string { return k.mask() }

// GoString hides the key.
func (k Key) GoString() string { return k.mask() }

// MarshalText hides the key.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.mask()), nil }

// LogValue hides the key.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.mask()) }
