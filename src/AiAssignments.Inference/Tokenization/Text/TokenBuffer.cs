namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>The tokens of one text before special tokens are put around them.</summary>
internal sealed class TokenBuffer
{
    private int[] ids = new int[128];
    private int[] words = new int[128];
    private int[] starts = new int[128];
    private int[] ends = new int[128];
    private int limit;
    private int countAtLimit;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    public ReadOnlySpan<int> Words => words.AsSpan(0, Count);

    public Span<int> Starts => starts.AsSpan(0, Count);

    public Span<int> Ends => ends.AsSpan(0, Count);

    /// <summary>White space at the ends of added tokens, by index: only those that were stripped have any.</summary>
    public Dictionary<int, (int Leading, int Trailing)> Stripped { get; } = [];

    /// <summary>Tokens at the first word border at which there were as many as the limit: what the reference counts when it shares room in a pair.</summary>
    public int CountAtLimit => countAtLimit < 0 ? Count : countAtLimit;

    /// <summary>Empties it.</summary>
    /// <param name="most">Once there are more tokens than this, no further words are wanted.</param>
    public void Reset(int most)
    {
        Count = 0;
        countAtLimit = -1;
        limit = most;
        Stripped.Clear();
    }

    /// <summary>Whether another word is wanted; asked at each word border.</summary>
    public bool WantsWord()
    {
        if (Count < limit)
        {
            return true;
        }

        if (countAtLimit < 0)
        {
            countAtLimit = Count;
        }

        return Count == limit;
    }

    public void Add(int id, int word, int start, int end)
    {
        if (Count == ids.Length)
        {
            Array.Resize(ref ids, Count * 2);
            Array.Resize(ref words, Count * 2);
            Array.Resize(ref starts, Count * 2);
            Array.Resize(ref ends, Count * 2);
        }

        ids[Count] = id;
        words[Count] = word;
        starts[Count] = start;
        ends[Count] = end;
        Count++;
    }

    /// <summary>Lets go of what one huge text made grow.</summary>
    public void Trim()
    {
        if (ids.Length > 1 << 18)
        {
            Count = 0;
            ids = new int[128];
            words = new int[128];
            starts = new int[128];
            ends = new int[128];
        }
    }
}
