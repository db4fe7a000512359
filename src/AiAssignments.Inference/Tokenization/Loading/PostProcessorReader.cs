using System.Text.Json;
using AiAssignments.Inference.Tokenization.PostProcessing;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>Reads the <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
internal static class PostProcessorReader
{
    public static PostProcessor Read(JsonPlace json) => json.IsNull ? PostProcessor.None : json.Type switch
    {
        "BertProcessing" => PostProcessor.Bert(SpecialId(json["cls"]), SpecialId(json["sep"])),
        "RobertaProcessing" => PostProcessor.Roberta(
            SpecialId(json["cls"]), SpecialId(json["sep"]), json["trim_offsets"].AsBool(true), json["add_prefix_space"].AsBool(true)),
        "ByteLevel" => PostProcessor.None.WithTrimming(json["trim_offsets"].AsBool(true), json["add_prefix_space"].AsBool(true)),
        "TemplateProcessing" => Template(json),
        "Sequence" => Sequence(json),
        var other => throw TokenizerProblems.Unsupported($"the post-processor {TokenizerProblems.Shorten(other)}", json.Where),
    };

    // The usual pair is trimming first, then a template; another order would trim special tokens too.
    private static PostProcessor Sequence(JsonPlace json)
    {
        var parts = json["processors"].AsArray().ToList();
        return parts switch
        {
            [] => PostProcessor.None,
            [var only] => Read(only),
            [var first, var second] when first.Type == "ByteLevel" && second.Type is "TemplateProcessing" or "BertProcessing" =>
                Read(second).WithTrimming(first["trim_offsets"].AsBool(true), first["add_prefix_space"].AsBool(true)),
            _ => throw TokenizerProblems.Unsupported("a sequence of post-processors other than ByteLevel and a template", json.Where),
        };
    }

    private static int SpecialId(JsonPlace json) => json.AsArray().ToList() is [var token, var id]
        ? TokenizerProblems.CheckId(id.AsInt(int.MaxValue), token.AsString(), id.Where)
        : throw json.Wrong("a token with its id");

    private static PostProcessor Template(JsonPlace json)
    {
        var specials = json["special_tokens"];
        var single = Pieces(json["single"], specials);
        var pair = Pieces(json["pair"], specials);
        return single.All(piece => piece.Sequence != 1) && pair.Any(piece => piece.Sequence == 0) && pair.Any(piece => piece.Sequence == 1)
            ? new PostProcessor(single, pair)
            : throw TokenizerProblems.Invalid("A template for one text must use A only, and one for a pair A and B.", json.Where);
    }

    private static List<TemplatePiece> Pieces(JsonPlace json, JsonPlace specials)
    {
        var pieces = json.AsArray().Select(piece => Piece(piece, specials)).ToList();
        return pieces.GroupBy(piece => piece.Sequence).Any(group => group.Key >= 0 && group.Count() > 1)
            ? throw TokenizerProblems.Unsupported("a template that repeats a text", json.Where)
            : pieces;
    }

    private static TemplatePiece Piece(JsonPlace json, JsonPlace specials)
    {
        var sequence = json["Sequence"];
        if (!sequence.IsNull)
        {
            return sequence["id"].AsString() switch
            {
                "A" => TemplatePiece.Text(0, TypeId(sequence)),
                "B" => TemplatePiece.Text(1, TypeId(sequence)),
                _ => throw sequence["id"].Wrong("A or B"),
            };
        }

        var special = json["SpecialToken"];
        var token = special["id"].AsString();
        if (!specials.IsObject || !specials.Element.TryGetProperty(token, out var element) || element.ValueKind != JsonValueKind.Object)
        {
            throw TokenizerProblems.Invalid($"The template uses '{TokenizerProblems.Shorten(token)}', which special_tokens does not define.", special.Where);
        }

        var ids = new JsonPlace(element, json.File, specials.Path)["ids"].AsArray().Select(id => TokenizerProblems.CheckId(id.AsInt(int.MaxValue), token, id.Where));
        return new TemplatePiece(-1, [.. ids], TypeId(special));
    }

    private static int TypeId(JsonPlace json) => json["type_id"].AsInt(255);
}
