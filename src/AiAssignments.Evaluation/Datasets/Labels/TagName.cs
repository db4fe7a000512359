namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>A tag taken apart.</summary>
/// <param name="Prefix">B, I, E, S, L or U; <c>O</c> for outside.</param>
/// <param name="Type">The entity's type; empty for outside.</param>
internal readonly record struct TagName(char Prefix, string Type)
{
    /// <summary>Outside of any entity.</summary>
    public bool IsOutside => Prefix == 'O';

    /// <summary>Reads a tag: <c>O</c>, <c>B-PER</c>, <c>i_loc</c>, or a bare type, which counts as inside (IO scheme).</summary>
    /// <param name="tag">A tag.</param>
    public static TagName Parse(string tag)
    {
        var text = tag.Trim();
        if (text is "O" or "o")
        {
            return new TagName('O', string.Empty);
        }

        return text.Length > 2 && (text[1] is '-' or '_') && "BIESLU".Contains(char.ToUpperInvariant(text[0]), StringComparison.Ordinal)
            ? new TagName(char.ToUpperInvariant(text[0]), text[2..])
            : new TagName('I', text);
    }

    /// <inheritdoc />
    public override string ToString() => IsOutside ? "O" : $"{Prefix}-{Type}";
}
