namespace AiAssignments.Inference.Tokenization.Models;

/// <summary>Remembers how recent words were cut. Bounded: when it is full it starts anew, which costs less than keeping count of use.</summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept: they seldom return.</summary>
    public const int LongestWord = 32;

    private const int Slots = 1 << 14;
    private const int MostWords = Slots / 2;
    private const int ArenaSize = MostWords * 12;

    private readonly Slot[] slots = new Slot[Slots];
    private readonly int[] words = new int[ArenaSize];
    private readonly SubToken[] tokens = new SubToken[ArenaSize];
    private int count;
    private int wordsUsed;
    private int tokensUsed;

    /// <summary>Looks a word up.</summary>
    public bool TryGet(ReadOnlySpan<int> word, uint hash, out ReadOnlySpan<SubToken> found)
    {
        for (var at = hash & (Slots - 1); ; at = (at + 1) & (Slots - 1))
        {
            ref readonly var slot = ref slots[at];
            if (slot.WordLength == 0)
            {
                found = default;
                return false;
            }

            if (slot.Hash == hash && slot.WordLength == word.Length && words.AsSpan(slot.Word, slot.WordLength).SequenceEqual(word))
            {
                found = tokens.AsSpan(slot.Tokens, slot.TokenCount);
                return true;
            }
        }
    }

    /// <summary>Keeps a word that was not found.</summary>
    public void Add(ReadOnlySpan<int> word, uint hash, ReadOnlySpan<SubToken> cut)
    {
        if (count == MostWords || wordsUsed + word.Length > ArenaSize || tokensUsed + cut.Length > ArenaSize)
        {
            Array.Clear(slots);
            count = wordsUsed = tokensUsed = 0;
        }

        var at = hash & (Slots - 1);
        while (slots[at].WordLength != 0)
        {
            at = (at + 1) & (Slots - 1);
        }

        slots[at] = new Slot(hash, wordsUsed, tokensUsed, (short)word.Length, (short)cut.Length);
        word.CopyTo(words.AsSpan(wordsUsed));
        cut.CopyTo(tokens.AsSpan(tokensUsed));
        wordsUsed += word.Length;
        tokensUsed += cut.Length;
        count++;
    }

    private readonly record struct Slot(uint Hash, int Word, int Tokens, short WordLength, short TokenCount);
}
