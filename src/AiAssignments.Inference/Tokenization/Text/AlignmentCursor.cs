namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>Writes the characters that replace those of a text, keeping track of which original characters each one stands for.</summary>
/// <param name="from">The text that is replaced.</param>
/// <param name="to">Where the new one is appended.</param>
internal ref struct AlignmentCursor(AlignedText from, AlignedText to)
{
    private readonly ReadOnlySpan<int> starts = from.Starts;
    private readonly ReadOnlySpan<int> ends = from.Ends;
    private int next;

    /// <summary>Appends a character.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="change">1: it is inserted; 0: it replaces the next character; -n: it replaces the next one and the n that follow are dropped.</param>
    public void Place(int codePoint, int change)
    {
        // An inserted character belongs to the one before it; a composed one to its first part alone, as the reference has it.
        var source = Math.Min(change > 0 ? Math.Max(next - 1, 0) : next, starts.Length - 1);
        to.Add(codePoint, starts[source], ends[source]);
        if (change <= 0)
        {
            next += 1 - change;
        }
    }
}
