using AiAssignments.Inference.Tokenization.Models;
using AiAssignments.Inference.Tokenization.Normalizers;
using AiAssignments.Inference.Tokenization.PreTokenizers;
using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization;

/// <summary>
/// WordPiece (BERT, DistilBERT). With BERT's own normalizer and pre-tokenizer, words of plain ASCII are cut straight from the text; only a stretch
/// between spaces that holds anything else goes the long way.
/// </summary>
internal sealed class WordPieceTokenizer : SubwordTokenizer
{
    private readonly WordPieceModel model;
    private readonly BertNormalizer? bert;
    private readonly AsciiClass[] classes = new AsciiClass[0x80];
    private readonly byte[] folded = new byte[0x80];

    public WordPieceTokenizer(TokenizerDefinition definition)
        : base(definition)
    {
        model = (WordPieceModel)definition.Model;
        if (definition.Normalizer is not BertNormalizer normalizer || definition.PreTokenizer != FlagPreTokenizer.Bert || HasNormalizedTokens)
        {
            return;
        }

        bert = normalizer;
        for (var c = 0; c < 0x80; c++)
        {
            var flags = UnicodeTables.Instance[c];
            folded[c] = (byte)(normalizer.Lowercase && c is >= 'A' and <= 'Z' ? c | 0x20 : c);
            classes[c] = c is ' ' or '\t' or '\n' or '\r' ? AsciiClass.Space
                : (flags & CharacterFlags.BertPunctuation) != 0 ? AsciiClass.Punctuation
                : (flags & (CharacterFlags.BertRemoved | CharacterFlags.WhiteSpace)) != 0 ? AsciiClass.Other
                : AsciiClass.Word;
        }
    }

    private enum AsciiClass : byte
    {
        Word,
        Punctuation,
        Space,
        Other,
    }

    /// <inheritdoc />
    protected override void EncodePart(int from, int to, ref WordCounter words, Workspace workspace, TokenBuffer tokens)
    {
        if (bert is null)
        {
            base.EncodePart(from, to, ref words, workspace, tokens);
            return;
        }

        var scalars = workspace.Source.Scalars[..to];
        for (var at = from; at < to && tokens.WantsWord();)
        {
            if (ClassOf(scalars[at]) == AsciiClass.Space)
            {
                at++;
                continue;
            }

            // No step of BERT's preparation reaches across ASCII white space, so each stretch between can be taken by itself.
            var end = at;
            var plain = true;
            for (; end < to; end++)
            {
                var kind = ClassOf(scalars[end]);
                if (kind == AsciiClass.Space)
                {
                    break;
                }

                plain &= kind != AsciiClass.Other;
            }

            if (plain)
            {
                EncodePlain(scalars[..end], at, ref words, workspace, tokens);
            }
            else
            {
                base.EncodePart(at, end, ref words, workspace, tokens);
            }

            at = end;
        }
    }

    private AsciiClass ClassOf(int point) => (uint)point < 0x80 ? classes[point] : AsciiClass.Other;

    private void EncodePlain(ReadOnlySpan<int> scalars, int start, ref WordCounter words, Workspace workspace, TokenBuffer tokens)
    {
        Span<int> word = workspace.Word;
        for (var at = start; at < scalars.Length && tokens.WantsWord();)
        {
            var length = 0;
            while (at + length < scalars.Length && length < word.Length && classes[scalars[at + length]] == AsciiClass.Word)
            {
                word[length] = folded[scalars[at + length]];
                length++;
            }

            if (length == word.Length)
            {
                base.EncodePart(at, scalars.Length, ref words, workspace, tokens);
                return;
            }

            if (length == 0)
            {
                word[0] = scalars[at];
                length = 1;
            }

            var index = words.Next();
            var whole = model.Find(word[..length]);
            if (whole >= 0)
            {
                tokens.Add(whole, index, at, at + length);
                at += length;
                continue;
            }

            foreach (var token in model.Segment(word[..length], workspace.Model))
            {
                tokens.Add(token.Id, index, at, at + token.Length);
                at += token.Length;
            }
        }
    }
}
