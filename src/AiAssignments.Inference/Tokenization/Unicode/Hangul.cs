namespace AiAssignments.Inference.Tokenization.Unicode;

/// <summary>Arithmetic of Hangul syllables (The Unicode Standard, section 3.12, "Conjoining Jamo Behavior").</summary>
internal static class Hangul
{
    public const int FirstSyllable = 0xAC00;
    public const int Syllables = Leads * Vowels * Trails;

    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;

    // One before the first trailing consonant: index 0 means that a syllable has none.
    private const int NoTrail = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    public static bool IsSyllable(int codePoint) => (uint)(codePoint - FirstSyllable) < Syllables;

    /// <summary>Writes the two or three parts of a syllable.</summary>
    /// <returns>How many there are.</returns>
    public static int Decompose(int syllable, Span<int> parts)
    {
        var index = syllable - FirstSyllable;
        parts[0] = FirstLead + (index / (Vowels * Trails));
        parts[1] = FirstVowel + (index / Trails % Vowels);
        if (index % Trails == 0)
        {
            return 2;
        }

        parts[2] = NoTrail + (index % Trails);
        return 3;
    }

    /// <summary>The syllable of a lead and a vowel, or of an open syllable and a trail; -1 for any other two.</summary>
    public static int Compose(int first, int second)
    {
        if ((uint)(first - FirstLead) < Leads && (uint)(second - FirstVowel) < Vowels)
        {
            return FirstSyllable + ((((first - FirstLead) * Vowels) + (second - FirstVowel)) * Trails);
        }

        return IsSyllable(first) && (first - FirstSyllable) % Trails == 0 && second > NoTrail && second < NoTrail + Trails
            ? first + (second - NoTrail)
            : -1;
    }
}
