namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>How the tags of a dataset stand for those of a model: by the type of the entity, whatever the scheme of prefixes (IOB1, IOB2, IOBES).</summary>
public sealed record TagMatch
{
    /// <summary><c>name</c>, <c>index</c>, <c>map</c> or <c>declared names</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>The model's spelling of a tag by the data's; every spelling looked at and every index declared.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>What the map sends a tag or an entity type of the data to: a type of the model, or <c>O</c>. For tags by name only.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>The data spells its tags by name, so that one not looked at has its meaning too; an index has it only by what is declared.</summary>
    public bool ByName { get; init; }

    /// <summary>Entity types that the model knows.</summary>
    public required IReadOnlyList<string> ModelTypes { get; init; }

    /// <summary>Entity types of the model that do not occur in what was looked at.</summary>
    public IReadOnlyList<string> UnusedTypes { get; init; } = [];

    /// <summary>The tag in the model's spelling of its type, with the data's prefix: <c>i-per</c> becomes <c>I-PER</c>.</summary>
    /// <param name="raw">A tag as the data spells it.</param>
    /// <returns><c>null</c> when its type is none of the model's (a bad record).</returns>
    public string? Resolve(string raw)
    {
        if (Tags.TryGetValue(raw, out var known))
        {
            return known;
        }

        if (!ByName)
        {
            return null;
        }

        // A rare tag (a B- among IOB1's I-) may stand only in shards that were not looked at.
        var tag = TagName.Parse(raw);
        if (tag.IsOutside)
        {
            return tag.ToString();
        }

        if (Map.TryGetValue(raw, out var mapped) || Map.TryGetValue(tag.Type, out mapped))
        {
            return mapped == "O" ? mapped : (tag with { Type = mapped }).ToString();
        }

        var folded = LabelText.Fold(tag.Type);
        return ModelTypes.FirstOrDefault(type => LabelText.Fold(type) == folded) is { } type ? (tag with { Type = type }).ToString() : null;
    }
}
