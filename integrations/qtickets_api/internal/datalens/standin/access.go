package standin

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// admit checks the headers of a request.
func (s *Server) admit(r *http.Request) {
	if v := r.Header.Get("x-dl-api-version"); v != "3" {
		panic(bad("x-dl-api-version: expected 3, received %q", v))
	}
	token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	left, known := s.tokens[token]
	switch {
	case !is || token == "":
		panic(refusal{http.StatusUnauthorized, "UNAUTHENTICATED", "There is no token"})
	case known && left == 0:
		panic(refusal{http.StatusUnauthorized, "UNAUTHENTICATED", "The token has expired"})
	case !known && (s.options.Token == "" || token != s.options.Token):
		panic(refusal{http.StatusUnauthorized, "UNAUTHENTICATED", "The token is invalid"})
	case r.Header.Get("x-dl-org-id") != s.options.Org:
		panic(refusal{http.StatusForbidden, "FORBIDDEN", "Permission denied to the organisation"})
	}
	if known {
		s.tokens[token]--
	}
}

// giveToken takes a signed JSON Web Token of the service account for a token.
func (s *Server) giveToken(r *http.Request) any {
	var body struct {
		JWT string `json:"jwt"`
	}
	refuse := func(why string) {
		panic(refusal{http.StatusUnauthorized, "16", "JWT: " + why})
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || strings.Count(body.JWT, ".") != 2 {
		refuse("no token of three parts")
	}
	parts := strings.Split(body.JWT, ".")
	var header struct{ Typ, Alg, Kid string }
	var claims struct {
		Iss, Aud string
		Iat, Exp int64
	}
	for i, into := range []any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, into) != nil {
			refuse("a part cannot be read")
		}
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	now := time.Now().Unix()
	switch {
	case header.Alg != "PS256" || header.Typ != "JWT":
		refuse("algorithm")
	case s.options.Key == nil || header.Kid != s.options.KeyID:
		refuse("unknown key")
	case claims.Aud != s.IAM() || claims.Iss == "":
		refuse("audience or issuer")
	case claims.Exp <= now || claims.Exp > claims.Iat+3600 || claims.Iat > now+60:
		refuse("times")
	case err != nil || rsa.VerifyPSS(s.options.Key, crypto.SHA256, sum[:], signature,
		&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) != nil:
		refuse("signature")
	}
	s.made++
	token := fmt.Sprintf("t1.standin-%d-%s", s.made, hash(fmt.Sprint("token", s.made)))
	s.tokens[token] = s.options.TokenLife
	if s.options.TokenLife == 0 {
		s.tokens[token] = -1 // counts down from there and never comes to 0
	}
	return object{"iamToken": token, "expiresAt": time.Now().Add(12 * time.Hour).Format(time.RFC3339Nano)}
}
