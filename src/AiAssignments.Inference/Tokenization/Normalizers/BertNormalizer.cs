using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>BERT's text preparation (Devlin et al., 2019, <c>BasicTokenizer</c>).</summary>
/// <param name="cleanText">Drop control characters, make all white space a space.</param>
/// <param name="handleChineseChars">Put spaces around CJK ideographs.</param>
/// <param name="stripAccents">Decompose canonically and drop nonspacing marks.</param>
/// <param name="lowercase">Lower-case.</param>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase) : INormalizer
{
    private readonly UnicodeNormalizer canonical = new(UnicodeForm.Nfd);

    public bool Lowercase => lowercase;

    public bool CleanText => cleanText;

    public void Normalize(AlignedText text, AlignedText scratch)
    {
        var tables = UnicodeTables.Instance;
        if (cleanText)
        {
            text.RemoveAll(tables.Flags, CharacterFlags.BertRemoved);
            foreach (ref var point in text.Mutable)
            {
                if ((tables[point] & CharacterFlags.BertSpace) != 0)
                {
                    point = ' ';
                }
            }
        }

        if (handleChineseChars)
        {
            SpaceChinese(text, scratch, tables);
        }

        if (stripAccents)
        {
            canonical.Normalize(text, scratch);
            text.RemoveAll(tables.Flags, CharacterFlags.NonspacingMark);
        }

        if (lowercase)
        {
            LowercaseNormalizer.Apply(text, scratch);
        }
    }

    private static void SpaceChinese(AlignedText text, AlignedText scratch, UnicodeTables tables)
    {
        var points = text.CodePoints;
        var any = false;
        foreach (var point in points)
        {
            any |= (tables[point] & CharacterFlags.BertChinese) != 0;
        }

        if (!any)
        {
            return;
        }

        for (var i = 0; i < points.Length; i++)
        {
            if ((tables[points[i]] & CharacterFlags.BertChinese) != 0)
            {
                scratch.Add(' ', text.Starts[i], text.Ends[i]);
                scratch.Add(points[i], text.Starts[i], text.Ends[i]);
                scratch.Add(' ', text.Starts[i], text.Ends[i]);
            }
            else
            {
                scratch.Add(points[i], text.Starts[i], text.Ends[i]);
            }
        }

        text.Swap(scratch);
        scratch.Clear();
    }
}
