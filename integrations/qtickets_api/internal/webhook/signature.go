package webhook

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // QTickets signs with HMAC-SHA1 (API notes, section 14)
	"encoding/hex"
)

// validSignature tells whether a signature is the lower-case hex of HMAC-SHA1 of the raw body, in constant time. No
// secret, no signature.
func validSignature(secret string, body []byte, signature string) bool {
	got, err := hex.DecodeString(signature)
	if secret == "" || err != nil || len(got) != sha1.Size {
		return false
	}
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(got, mac.Sum(nil))
}

// wellFormed tells whether a signature may be one at all.
func wellFormed(signature string) bool {
	got, err := hex.DecodeString(signature)
	return err == nil && len(got) == sha1.Size
}
