namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>What a top-level field can be used for.</summary>
internal enum ParquetFieldKind
{
    /// <summary>One value a row.</summary>
    Scalar,

    /// <summary>A list of values a row.</summary>
    List,

    /// <summary>Hugging Face's image struct, of which <c>bytes</c> is read.</summary>
    Image,

    /// <summary>Anything else; not read.</summary>
    Other,
}

/// <summary>A top-level field of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it can be used for.</param>
/// <param name="Leaf">The leaf that is read.</param>
internal sealed record ParquetField(string Name, ParquetFieldKind Kind, ParquetLeaf Leaf)
{
    /// <summary>Whether it is a column of text or bytes.</summary>
    public bool IsText => Kind == ParquetFieldKind.Scalar && Leaf.IsBinary;

    /// <summary>Whether it is a list of text.</summary>
    public bool IsWords => Kind == ParquetFieldKind.List && Leaf.IsBinary;

    /// <summary>Groups the leaves of a schema into its top-level fields.</summary>
    public static List<ParquetField> From(IEnumerable<ParquetLeaf> leaves)
    {
        var fields = new List<ParquetField>();
        foreach (var group in leaves.GroupBy(leaf => leaf.Path[0], StringComparer.Ordinal))
        {
            var all = group.ToList();
            var bytes = all.Find(leaf => leaf is { Path: [_, "bytes"], IsBinary: true, MaxRepetition: 0 });
            fields.Add(all switch
            {
                [{ Path.Count: 1, MaxRepetition: 0 } leaf] => new ParquetField(group.Key, ParquetFieldKind.Scalar, leaf),
                [{ MaxRepetition: 1 } leaf] => new ParquetField(group.Key, ParquetFieldKind.List, leaf),
                _ when bytes is not null => new ParquetField(group.Key, ParquetFieldKind.Image, bytes),
                _ => new ParquetField(group.Key, ParquetFieldKind.Other, all[0]),
            });
        }

        return fields;
    }
}
