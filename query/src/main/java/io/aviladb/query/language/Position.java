package io.aviladb.query.language;

/** Where a token begins, both counted from 1; columns in code points. */
public record Position(int line, int column) {
    /** Of what was made by a program rather than read from a text. */
    public static final Position NONE = new Position(1, 1);

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
