using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Scoring;

/// <summary>Turns sentences (words) into rows, in overlapping windows where they are too long.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="spec">Its card.</param>
/// <param name="maxLength">Longest row in ids.</param>
internal sealed class SentenceEncoder(ITokenizer tokenizer, TokenizerSpec spec, int maxLength)
{
    private const int UsualStride = 64;

    public void Encode(int record, IReadOnlyList<string> words, Encoding encoding, List<SequenceItem> items, CancellationToken cancellationToken)
    {
        tokenizer.EncodeWords(words, encoding);
        var width = tokenizer.IdsPerPosition;
        var wordIds = encoding.WordIds;
        var positions = encoding.Count / width;
        var first = FirstPositions(wordIds, width, positions, words.Count);
        if (encoding.Count <= maxLength)
        {
            var all = Slots(first);
            if (all.Length > 0)
            {
                items.Add(new(record, encoding.Ids.ToArray(), Types(encoding.TypeIds), all));
            }

            return;
        }

        // Special tokens stand at both ends; each window gets them again.
        var (before, after) = (0, 0);
        while (before < positions && wordIds[before * width] < 0)
        {
            before++;
        }

        while (after < positions - before && wordIds[(positions - 1 - after) * width] < 0)
        {
            after++;
        }

        var inner = positions - before - after;
        var capacity = Math.Max(1, (maxLength / width) - before - after);
        var plan = new WindowPlan(inner, capacity, Overlap(width, capacity));
        var owned = Owned(plan, first, before);
        for (var window = 0; window < owned.Length; window++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (owned[window] is not { } slots)
            {
                continue;
            }

            int[] ids =
            [
                .. encoding.Ids[..(before * width)],
                .. encoding.Ids[((before + plan.Start(window)) * width)..((before + plan.End(window)) * width)],
                .. encoding.Ids[((positions - after) * width)..],
            ];

            // The template's type ids are the same for all tokens of a single text.
            items.Add(new(record, ids, null, [.. slots]));
        }
    }

    internal static int[]? Types(ReadOnlySpan<int> types) => types.IndexOfAnyExcept(0) < 0 ? null : types.ToArray();

    private static int[] FirstPositions(ReadOnlySpan<int> wordIds, int width, int positions, int words)
    {
        var first = new int[words];
        Array.Fill(first, -1);
        for (var position = positions - 1; position >= 0; position--)
        {
            var word = wordIds[position * width];
            if ((uint)word < (uint)words)
            {
                first[word] = position;
            }
        }

        return first;
    }

    private static WordSlot[] Slots(int[] first)
    {
        var slots = new List<WordSlot>(first.Length);
        for (var word = 0; word < first.Length; word++)
        {
            if (first[word] >= 0)
            {
                slots.Add(new(word, first[word]));
            }
        }

        return [.. slots];
    }

    private static List<WordSlot>?[] Owned(WindowPlan plan, int[] first, int before)
    {
        var owned = new List<WordSlot>?[plan.Count];
        for (var word = 0; word < first.Length; word++)
        {
            if (first[word] >= 0)
            {
                var window = plan.Owner(first[word] - before);
                (owned[window] ??= []).Add(new(word, first[word] - plan.Start(window)));
            }
        }

        return owned;
    }

    // With at most half shared, no position is computed more than twice (special tokens apart).
    private int Overlap(int width, int capacity)
    {
        var wanted = (spec.Stride ?? Math.Min(UsualStride * width, spec.MaxLength / 4)) / width;
        return Math.Min(wanted, capacity / 2);
    }
}
