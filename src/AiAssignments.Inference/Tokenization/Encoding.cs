namespace AiAssignments.Inference.Tokenization;

/// <summary>The tokens of one input: growable parallel arrays, reused from input to input.</summary>
public sealed class Encoding
{
    private int[] ids = new int[64];
    private int[] typeIds = new int[64];
    private int[] wordIds = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];

    /// <summary>Number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool Truncated { get; set; }

    /// <summary>Token ids.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    /// <summary>0 for the first text and its special tokens, 1 for the second (as the template says).</summary>
    public ReadOnlySpan<int> TypeIds => typeIds.AsSpan(0, Count);

    /// <summary>Index of the word that a token comes from; -1 for special tokens.</summary>
    public ReadOnlySpan<int> WordIds => wordIds.AsSpan(0, Count);

    /// <summary>Offset of a token's first Unicode scalar value in its text, as Hugging Face counts; 0 for special tokens.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, Count);

    /// <summary>Offset one past its last scalar value; 0 for special tokens.</summary>
    public ReadOnlySpan<int> Ends => ends.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Count = 0;
        Truncated = false;
    }

    /// <summary>Appends a token.</summary>
    /// <param name="id">Token id.</param>
    /// <param name="typeId">Type id.</param>
    /// <param name="wordId">Word id, or -1.</param>
    /// <param name="start">Offset of its first scalar value.</param>
    /// <param name="end">Offset one past its last.</param>
    public void Add(int id, int typeId, int wordId, int start, int end)
    {
        if (Count == ids.Length)
        {
            Grow();
        }

        ids[Count] = id;
        typeIds[Count] = typeId;
        wordIds[Count] = wordId;
        starts[Count] = start;
        ends[Count] = end;
        Count++;
    }

    private void Grow()
    {
        var size = ids.Length * 2;
        Array.Resize(ref ids, size);
        Array.Resize(ref typeIds, size);
        Array.Resize(ref wordIds, size);
        Array.Resize(ref starts, size);
        Array.Resize(ref ends, size);
    }
}
