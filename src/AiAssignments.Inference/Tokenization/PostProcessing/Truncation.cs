namespace AiAssignments.Inference.Tokenization.PostProcessing;

/// <summary>How a text that is too long is cut.</summary>
/// <param name="Strategy">Which text of a pair gives way.</param>
/// <param name="FromLeft">Cut the start instead of the end.</param>
internal sealed record Truncation(TruncationStrategy Strategy = TruncationStrategy.LongestFirst, bool FromLeft = false)
{
    /// <summary>How many tokens of each text stay.</summary>
    /// <param name="first">Tokens of the first text.</param>
    /// <param name="second">Tokens of the second text.</param>
    /// <param name="room">Most tokens in all, special tokens not counted.</param>
    public (int First, int Second) Share(int first, int second, int room)
    {
        if ((long)first + second <= room)
        {
            return (first, second);
        }

        // Where the text that is to give way is too short for it, the reference fails; the evaluation of a record should not.
        var excess = first + second - room;
        if (Strategy == TruncationStrategy.OnlyFirst && first > excess)
        {
            return (first - excess, second);
        }

        if (Strategy == TruncationStrategy.OnlySecond && second > excess)
        {
            return (first, second - excess);
        }

        var shorter = Math.Min(first, second);
        var longer = Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
        {
            shorter = room / 2;
            longer = shorter + (room % 2);
        }

        return first > second ? (longer, shorter) : (shorter, longer);
    }
}
