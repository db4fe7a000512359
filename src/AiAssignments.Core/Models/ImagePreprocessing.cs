namespace AiAssignments.Core.Models;

/// <summary>How an image becomes the model's input tensor: decode, resize, (crop), scale to 0..1, normalize per channel, lay out.</summary>
/// <param name="Width">Input width in pixels.</param>
/// <param name="Height">Input height in pixels.</param>
/// <param name="Channels">1 (grey) or 3.</param>
/// <param name="Layout"><c>NCHW</c> or <c>NHWC</c>.</param>
/// <param name="ChannelOrder"><c>RGB</c> or <c>BGR</c>; ignored for one channel.</param>
/// <param name="Scale">Factor applied to the 0..255 sample first; default 1/255.</param>
/// <param name="Mean">Subtracted after scaling, one value a channel.</param>
/// <param name="Std">Divided by after the mean, one value a channel.</param>
/// <param name="Resize"><c>stretch</c> (to exactly width x height, the default), <c>shortest-edge-crop</c> (shortest edge to the size, then centre crop).</param>
/// <param name="ShortestEdge">For <c>shortest-edge-crop</c>: pixels of the shortest edge before the crop; <c>null</c>: the lesser of width and height.</param>
/// <param name="Resample"><c>nearest</c>, <c>bilinear</c> (default) or <c>bicubic</c>, with PIL's antialiasing when shrinking.</param>
public sealed record ImagePreprocessing(
    int Width,
    int Height,
    int Channels,
    string Layout,
    string ChannelOrder,
    double Scale,
    IReadOnlyList<double> Mean,
    IReadOnlyList<double> Std,
    string Resize = "stretch",
    int? ShortestEdge = null,
    string Resample = "bilinear");
