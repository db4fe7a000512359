namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Gold and predicted entities of one sentence side by side.</summary>
internal static class EntityMatch
{
    /// <summary>Gold, predicted and correct entities by type. An entity is correct when bounds and type are the same in both.</summary>
    public static SortedDictionary<string, (int Gold, int Predicted, int Correct)> ByType(IReadOnlyList<Chunk> gold, IReadOnlyList<Chunk> predicted)
    {
        var types = new SortedDictionary<string, (int Gold, int Predicted, int Correct)>(StringComparer.Ordinal);
        var wanted = gold.Count == 0 || predicted.Count == 0 ? [] : gold.ToHashSet();
        foreach (var chunk in gold)
        {
            var counts = types.GetValueOrDefault(chunk.Type);
            types[chunk.Type] = counts with { Gold = counts.Gold + 1 };
        }

        foreach (var chunk in predicted)
        {
            var counts = types.GetValueOrDefault(chunk.Type);
            types[chunk.Type] = counts with { Predicted = counts.Predicted + 1, Correct = counts.Correct + (wanted.Contains(chunk) ? 1 : 0) };
        }

        return types;
    }

    /// <summary>Writes entities as IOB2 tags, so that sentences in different schemes can be compared word by word.</summary>
    public static string[] ToIob2(IReadOnlyList<Chunk> chunks, int words)
    {
        var tags = new string[words];
        Array.Fill(tags, "O");
        foreach (var chunk in chunks)
        {
            Array.Fill(tags, $"I-{chunk.Type}", chunk.Start, chunk.End - chunk.Start);
            tags[chunk.Start] = $"B-{chunk.Type}";
        }

        return tags;
    }
}
