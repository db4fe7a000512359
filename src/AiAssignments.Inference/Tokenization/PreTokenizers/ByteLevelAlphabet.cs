namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>The printable characters that stand for bytes in a byte-level vocabulary (Radford et al., GPT-2, 2019).</summary>
internal static class ByteLevelAlphabet
{
    /// <summary>What stands for the space, as in <c>Ġthe</c>.</summary>
    public const int Space = 0x120;

    /// <summary>The character of each byte: itself where it is printable Latin-1, and U+0100 onwards for the others in order.</summary>
    public static ReadOnlySpan<int> Characters => Table;

    private static readonly int[] Table = Make();

    private static int[] Make()
    {
        var table = new int[256];
        var next = 0x100;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            table[b] = printable ? b : next++;
        }

        return table;
    }
}
