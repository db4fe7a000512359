using AiAssignments.Evaluation.Metrics.Entities;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>Spells a sentence's IOB2 tags in another scheme.</summary>
internal static class TagSpelling
{
    /// <summary>The tags in a scheme.</summary>
    /// <param name="scheme">IOB1, IOB2 or IOBES.</param>
    /// <param name="tags">IOB2 tags, well-formed.</param>
    public static string[] In(TagScheme scheme, IReadOnlyList<string> tags)
    {
        var result = new string[tags.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var tag = tags[i];
            if (tag.Length < 2 || tag[1] != '-')
            {
                result[i] = tag;
                continue;
            }

            var type = tag[1..];
            var begins = tag[0] == 'B';
            var ends = i + 1 == tags.Count || tags[i + 1] != $"I{type}";
            var follows = i > 0 && tags[i - 1].Length > 1 && tags[i - 1][1..] == type;
            result[i] = scheme.Name switch
            {
                "IOBES" => (begins, ends) switch { (true, true) => 'S', (true, false) => 'B', (false, true) => 'E', _ => 'I' } + type,
                "IOB1" => (begins && follows ? 'B' : 'I') + type,
                _ => tag,
            };
        }

        return result;
    }
}
