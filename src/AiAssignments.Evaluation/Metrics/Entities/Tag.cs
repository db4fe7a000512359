namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>A tag taken apart. Each of the three ways to read tags splits them a little differently; all agree on <c>O</c> and <c>X-TYPE</c>.</summary>
/// <param name="Prefix">The letter before the hyphen; <c>'?'</c> when it is more than a letter.</param>
/// <param name="Type">The type; <c>_</c> when there is none.</param>
internal readonly record struct Tag(char Prefix, string Type)
{
    /// <summary>Type of a tag that has none.</summary>
    public const string NoType = "_";

    /// <summary>Outside of all entities.</summary>
    public static Tag Outside { get; } = new('O', NoType);

    /// <summary>As conlleval: all before the first hyphen is the prefix.</summary>
    public static Tag ReadConlleval(string tag)
    {
        var hyphen = tag.IndexOf('-', StringComparison.Ordinal);
        var prefix = hyphen < 0 ? tag : tag[..hyphen];
        return new Tag(prefix.Length == 1 ? prefix[0] : '?', hyphen < 0 || hyphen == tag.Length - 1 ? NoType : tag[(hyphen + 1)..]);
    }

    /// <summary>As seqeval by default: the first character is the prefix, and one hyphen after it, where there is one, ends what is no type.</summary>
    public static Tag ReadDefault(string tag)
    {
        if (tag.Length == 0)
        {
            return new Tag('?', NoType);
        }

        var rest = tag[1..];
        var type = rest[(rest.IndexOf('-', StringComparison.Ordinal) + 1)..];
        return new Tag(tag[0], type.Length == 0 ? NoType : type);
    }

    /// <summary>As seqeval in strict mode: hyphens around the type are dropped.</summary>
    public static Tag ReadStrict(string tag)
    {
        if (tag.Length == 0)
        {
            return new Tag('?', NoType);
        }

        var type = tag[1..].Trim('-');
        return new Tag(tag[0], type.Length == 0 ? NoType : type);
    }
}
