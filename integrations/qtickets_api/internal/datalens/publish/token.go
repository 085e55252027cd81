package publish

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"time"
)

// FixedToken is one that a person made.
type FixedToken string

// Token is the token.
func (t FixedToken) Token(context.Context) (string, error) { return string(t), nil }

// Renew has no other token.
func (FixedToken) Renew() bool { return false }

// AccountKey is an authorised key of a service account, with which tokens are made.
type AccountKey struct {
	iam     string // address that gives tokens
	id      string
	account string
	key     *rsa.PrivateKey
	http    *http.Client
	now     func() time.Time

	token   string
	expires time.Time
}

// renewBefore is how long before its end a token is given up: a request must not outlive it.
const renewBefore = 5 * time.Minute

// NewAccountKey reads the JSON file of "yc iam key create". iam is the address that gives tokens.
func NewAccountKey(file, iam string) (*AccountKey, error) {
	var stored struct {
		ID      string `json:"id"`
		Account string `json:"service_account_id"`
		Private string `json:"private_key"`
	}
	// Nothing of the file is repeated: it is a secret.
	if json.Unmarshal([]byte(file), &stored) != nil || stored.ID == "" || stored.Account == "" {
		return nil, fmt.Errorf("%w: DATALENS_SERVICE_ACCOUNT_KEY is not the JSON that \"yc iam key create --output\" "+
			"writes", ErrOptions)
	}
	block, _ := pem.Decode([]byte(stored.Private)) // a line of text stands before it
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("%w: DATALENS_SERVICE_ACCOUNT_KEY holds no private key", ErrOptions)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PrivateKey)
	if err != nil || !isRSA {
		return nil, fmt.Errorf("%w: the private key of DATALENS_SERVICE_ACCOUNT_KEY is no RSA key", ErrOptions)
	}
	return &AccountKey{iam: iam, id: stored.ID, account: stored.Account, key: key, http: newHTTP(), now: time.Now}, nil
}

// Token is a token that lives for some minutes more.
func (k *AccountKey) Token(ctx context.Context) (string, error) {
	if k.token != "" && k.now().Add(renewBefore).Before(k.expires) {
		return k.token, nil
	}
	signed, err := k.sign()
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{"jwt": signed})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, k.iam, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("%w: DATALENS_IAM_URL: %w", ErrOptions, err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := k.http.Do(request)
	if err != nil {
		return "", &Refusal{Method: "IAM", Text: err.Error()}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return "", fmt.Errorf("a token for the service account: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		said := readRefusal("IAM", response.StatusCode, text)
		if said.passing() {
			return "", said
		}
		return "", fmt.Errorf("a token for the service account %s is refused, status %d: %s: is the key %s still one of "+
			"its authorised keys, and is the clock of this machine right?", k.account, said.Status, said.Text, k.id)
	}
	var given struct {
		Token   string    `json:"iamToken"`
		Expires time.Time `json:"expiresAt"`
	}
	if json.Unmarshal(text, &given) != nil || given.Token == "" {
		return "", fmt.Errorf("a token for the service account: DATALENS_IAM_URL answers without one")
	}
	k.token, k.expires = given.Token, given.Expires
	return k.token, nil
}

// Renew forgets the token.
func (k *AccountKey) Renew() bool {
	k.token = ""
	return true
}

// sign makes the JSON Web Token that IAM takes for a token, good for an hour.
func (k *AccountKey) sign() (string, error) {
	part := func(v any) string {
		text, _ := json.Marshal(v) // maps of texts and numbers
		return base64.RawURLEncoding.EncodeToString(text)
	}
	now := k.now().Unix()
	text := part(map[string]string{"typ": "JWT", "alg": "PS256", "kid": k.id}) + "." +
		part(map[string]any{"iss": k.account, "aud": k.iam, "iat": now, "exp": now + 3600})
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPSS(rand.Reader, k.key, crypto.SHA256, sum[:],
		&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return "", fmt.Errorf("sign for the service account: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
