using System.Text.Json;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Models;

/// <summary>Reads <c>preprocessor_config.json</c>, what transformers' image processors write.</summary>
internal static class HuggingFaceImage
{
    private const string Code = "model-config-invalid";

    public static ImagePreprocessing Read(string folder, JsonFields config, OnnxSignature signature)
    {
        var path = Path.Combine(folder, "preprocessor_config.json");
        if (!File.Exists(path))
        {
            throw new Core.Errors.ProblemException(Code, "An image model needs preprocessor_config.json (size, image_mean, image_std) beside config.json.", folder);
        }

        using var document = JsonFields.Load(path, Code);
        var fields = new JsonFields(document.RootElement, path, Code);
        var channels = config.Int("num_channels", 1, 3) ?? 3;
        var (width, height, edge) = Size(fields, "size");
        var crops = fields.Flag("do_center_crop") ?? false;
        if (crops && fields.Has("crop_size"))
        {
            var (cropWidth, cropHeight, cropEdge) = Size(fields, "crop_size");
            if (edge is null && (width, height) != (cropWidth ?? cropEdge, cropHeight ?? cropEdge))
            {
                throw fields.Wrong("size", "shortest_edge when crop_size is another size; stretching first and cropping then is not done");
            }

            (width, height) = (cropWidth ?? cropEdge, cropHeight ?? cropEdge);
        }
        else if (edge is { } square && fields.Number("crop_pct") is { } share and > 0 and <= 1)
        {
            // ConvNeXT's processor: below 384 pixels the shortest edge is size / crop_pct and the crop is size; from there on it is stretched.
            (width, height) = (square, square);
            edge = square < 384 ? (int)(square / share) : null;
        }
        else if (edge is { } single)
        {
            (width, height, edge) = (single, single, null);
        }

        var plain = fields.Flag("do_normalize") == false;
        return new(
            width ?? throw fields.Wrong("size", "height and width, or shortest_edge"),
            height ?? throw fields.Wrong("size", "height and width, or shortest_edge"),
            channels,
            Layout(signature, channels),
            "RGB",
            fields.Flag("do_rescale") == false ? 1 : fields.Number("rescale_factor") ?? 1.0 / 255,
            plain ? Same(0, channels) : fields.Numbers("image_mean") ?? throw fields.Wrong("image_mean", "one number for each channel"),
            plain ? Same(1, channels) : fields.Numbers("image_std") ?? throw fields.Wrong("image_std", "one number for each channel"),
            edge is null ? "stretch" : "shortest-edge-crop",
            edge,
            Resample(fields));
    }

    private static (int? Width, int? Height, int? Edge) Size(JsonFields fields, string name)
    {
        if (fields.Raw(name) is { ValueKind: JsonValueKind.Number })
        {
            var side = fields.Int(name, 1, ModelCardCheck.LargestImage);
            return (null, null, side);
        }

        var size = fields.Object(name) ?? throw fields.Wrong(name, "a number, height and width, or shortest_edge");
        return (size.Int("width", 1, ModelCardCheck.LargestImage), size.Int("height", 1, ModelCardCheck.LargestImage), size.Int("shortest_edge", 1, ModelCardCheck.LargestImage));
    }

    // PIL's numbers: 0 nearest, 2 bilinear, 3 bicubic.
    private static string Resample(JsonFields fields) => fields.Int("resample", 0, 5) switch
    {
        0 => "nearest",
        null or 2 => "bilinear",
        3 => "bicubic",
        _ => throw fields.Wrong("resample", "0 (nearest), 2 (bilinear) or 3 (bicubic)"),
    };

    private static string Layout(OnnxSignature signature, int channels) =>
        signature.Inputs is [{ Shape: { Count: 4 } shape }] && shape[3].Size == channels && shape[1].Size != channels ? "NHWC" : "NCHW";

    private static double[] Same(double value, int count) => [.. Enumerable.Repeat(value, count)];
}
