package testkit

import "strings"

// HostileNames are what people and their tools put into names, UTM parameters and promo codes.
func HostileNames() []string {
	return []string{
		`<script>alert("name")</script>`, "\u202eгруппа\u202c ← RLO", "שלום עולם", "🎭🎪👩‍👩‍👧‍👦 Ёлка", `=cmd|' /C calc'!A0`,
		"@SUM(1+1)*cmd", "-2+3", "+7",
		strings.Repeat("Очень длинное название ", 500), strings.Repeat("неразрывное", 1000), `"><img src=x onerror=alert(1)>`,
		"a\x00b\x07c\u2028d", "{{.Org}} ${1+1} {0}",
		"'; DROP TABLE events; --", "Z\u0335\u0321\u030da\u0334l\u0337g\u0338o\u0336",
	}
}
