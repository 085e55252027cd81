package format

import (
	"slices"
	"strings"
	"testing"
)

// TestCataloguesAreEqual: the same keys, the same arguments, no empty text.
func TestCataloguesAreEqual(t *testing.T) {
	t.Parallel()
	for key, ru := range catalogues()[Russian] {
		en, found := catalogues()[English][key]
		if !found {
			t.Errorf("%s is missing in English", key)
			continue
		}
		if strings.TrimSpace(ru) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty", key)
		}
		if a, b := arguments(ru), arguments(en); !slices.Equal(a, b) {
			t.Errorf("%s: %v in Russian, %v in English", key, a, b)
		}
		for _, match := range placeholder.FindAllStringSubmatch(ru, -1) {
			if match[2] != "" && strings.Count(match[2], "|") != 3 {
				t.Errorf("%s: %s has not three forms", key, match[0])
			}
		}
		for _, match := range placeholder.FindAllStringSubmatch(en, -1) {
			if match[2] != "" && strings.Count(match[2], "|") != 2 {
				t.Errorf("%s: %s has not two forms", key, match[0])
			}
		}
		for _, text := range []string{ru, en} {
			if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}|") {
				t.Errorf("%s: a broken argument in %q", key, text)
			}
		}
	}
	for key := range catalogues()[English] {
		if _, found := catalogues()[Russian][key]; !found {
			t.Errorf("%s is missing in Russian", key)
		}
	}
}

// arguments of a text that are shown; forms may be needed in one language only.
func arguments(text string) []string {
	var list []string
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		if match[2] == "" {
			list = append(list, match[1])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestUnbroken(t *testing.T) {
	t.Parallel()
	const text = "{0|Продан|Продано|Продано} {0} {0|билет|билета|билетов} — как обычно"
	if got := strings.ReplaceAll(unbroken(text), nbsp,
		"_"); got != "{0|Продан|Продано|Продано} {0}_{0|билет|билета|билетов}_— как обычно" {
		t.Error(got)
	}
}
