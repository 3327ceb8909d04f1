// Verifies C2SP proofs with filippo.io/torchwood: no line of it is shared with Tickmark.
//
//	verify-proof POLICY < lines of "PROOF-FILE ENTRY-FILE"
package main

import (
	"bufio"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	policy, err := torchwood.ParsePolicy(read(os.Args[1]))
	check(err)
	verified := 0
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var proof, entry string
		_, err := fmt.Sscan(lines.Text(), &proof, &entry)
		check(err)
		check(torchwood.VerifyProof(policy, tlog.RecordHash(read(entry)), read(proof)))
		verified++
	}
	check(lines.Err())
	fmt.Printf("VERIFIED %d proofs\n", verified)
}

func read(file string) []byte {
	content, err := os.ReadFile(file)
	check(err)
	return content
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
