package sales

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strconv"
	"sync"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// rulesVersion is part of every content hash. Raise it when the rules of this package change, so that
// the next full read rewrites rows whose source did not change.
const rulesVersion = "3"

// payload is the order's allow-listed fields, and the hash that tells whether a stored row is still the
// same.
func payload(src *qtickets.Order, buyer string) ([]byte, uint64) {
	text := src.CanonicalJSON()
	return text, ContentHash(text, []byte(buyer))
}

// ContentHash is 64 bits of SHA-256 over the parts and the version of the rules.
func ContentHash(parts ...[]byte) uint64 {
	h := sha256.New()
	h.Write([]byte(rulesVersion))
	for _, p := range parts {
		var size [8]byte
		binary.LittleEndian.PutUint64(size[:], uint64(len(p)))
		h.Write(size[:])
		h.Write(p)
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// buyerHash lets repeat buyers be counted without knowing them. Without a key there is no hash: an
// unkeyed hash of a small integer can be reversed by trying all of them.
func buyerHash(client qtickets.Opt[int64], key []byte) string {
	if !client.Valid || len(key) == 0 {
		return ""
	}
	k, _ := keyedHashes.Get().(*keyedHash)
	if k == nil || k.key != string(key) {
		k = &keyedHash{string(key), hmac.New(sha256.New, key)}
	}
	defer keyedHashes.Put(k)
	k.mac.Reset()
	k.mac.Write(strconv.AppendInt(nil, client.Value, 10))
	return hex.EncodeToString(k.mac.Sum(nil)[:16])
}

// keyedHash keeps what an HMAC makes of its key: every order comes with the same one.
type keyedHash struct {
	key string
	mac hash.Hash
}

var keyedHashes sync.Pool // of *keyedHash
