// Verifies a log that Tickmark wrote, with golang.org/x/mod/sumdb alone: no line of it is shared with Tickmark.
//
//	verify-log FOLDER VERIFIER-KEY
//	verify-log FOLDER VERIFIER-KEY COSIGNED-NOTE WITNESS-KEY
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func main() {
	if len(os.Args) != 3 && len(os.Args) != 5 {
		fail("usage: verify-log FOLDER VERIFIER-KEY [COSIGNED-NOTE WITNESS-KEY]")
	}
	folder := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	check("verifier key", err)
	size, root := checkpoint(folder, verifier)

	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	entries := readEntries(folder, size)
	for index, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(index), entry, reader)
		check("hash of entry", err)
		stored = append(stored, hashes...)
	}
	derived, err := tlog.TreeHash(size, reader)
	check("root", err)
	if derived != root {
		fail("the entries do not give the signed root")
	}

	// Every proof that is asked of the tiles on the disk, checked by x/mod.
	tiles := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, onDisk{folder})
	for index := int64(0); index < size; index += 1 + size/50 {
		proof, err := tlog.ProveRecord(size, index, tiles)
		check("inclusion proof", err)
		check("inclusion", tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entries[index])))
	}
	for older := int64(1); older < size; older += 1 + size/20 {
		before, err := tlog.TreeHash(older, reader)
		check("older root", err)
		proof, err := tlog.ProveTree(size, older, tiles)
		check("consistency proof", err)
		check("consistency", tlog.CheckTree(proof, size, root, older, before))
	}
	if len(os.Args) == 5 {
		verifyCosigned(os.Args[3], verifier, os.Args[4])
	}
	fmt.Printf("VERIFIED %s size %d\n", verifier.Name(), size)
}

func checkpoint(folder string, verifier note.Verifier) (int64, tlog.Hash) {
	bytes, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	check("checkpoint", err)
	signed, err := note.Open(bytes, note.VerifierList(verifier))
	check("signature", err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("not a checkpoint of " + verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("size", err)
	decoded, err := base64.StdEncoding.DecodeString(lines[2])
	check("root", err)
	var root tlog.Hash
	if copy(root[:], decoded) != len(root) || len(decoded) != len(root) {
		fail("the root has not 32 bytes")
	}
	return size, root
}

func readEntries(folder string, size int64) [][]byte {
	var entries [][]byte
	for bundle := int64(0); bundle*width < size; bundle++ {
		count := min(width, size-bundle*width)
		bytes, err := os.ReadFile(filepath.Join(folder, "tile", "entries", path(bundle, int(count))))
		check("entries", err)
		for len(bytes) > 0 {
			if len(bytes) < 2 || len(bytes) < 2+int(binary.BigEndian.Uint16(bytes)) {
				fail("an entry bundle is cut short")
			}
			length := int(binary.BigEndian.Uint16(bytes))
			entries = append(entries, bytes[2:2+length])
			bytes = bytes[2+length:]
		}
	}
	if int64(len(entries)) != size {
		fail(fmt.Sprintf("%d entries, not %d", len(entries), size))
	}
	return entries
}

type onDisk struct{ folder string }

func (onDisk) Height() int                               { return 8 }
func (onDisk) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (disk onDisk) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(disk.folder, "tile", strconv.Itoa(tile.L), path(tile.N, tile.W)))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

// path is C2SP's: x/mod puts the height of a tile before it.
func path(index int64, count int) string {
	name := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		name = fmt.Sprintf("x%03d/%s", index%1000, name)
	}
	if count < width {
		name += fmt.Sprintf(".p/%d", count)
	}
	return name
}

func check(what string, err error) {
	if err != nil {
		fail(what + ": " + err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
