package address

import "testing"

func TestLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "ru", "en-GB,en;q=0.9": "en", "ru-RU,ru;q=0.9,en;q=0.8": "ru", "de,en;q=0.5": "en", "de": "ru",
		"en;q=0.3, ru;q=0.7": "ru", "en;q=0": "ru", "*": "ru",
	} {
		if got := acceptedLanguage(header); string(got) != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
