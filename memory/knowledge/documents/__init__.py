"""Articles as blocks: read from files, stored as text, read back by whoever answers from them.

    bytes -> decode -> (front matter, tags) -> Markdown or HTML -> DOM -> blocks -> render -> text

`render` writes blocks as the Markdown that is stored with an article and with each passage;
`parse` reads it back: `parse(render(blocks)) == blocks`. Text inside a block is what a reader
sees, without emphasis and entities. Four marks are left in it: `[words](address)`, `` `code` ``,
`~~struck out~~`, and a newline where the source breaks the line.
"""
