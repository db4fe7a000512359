using AiAssignments.Inference.Images;
using SkiaSharp;

namespace AiAssignments.Tests.InferenceTests.Images;

public sealed class DecodeBudgetTests
{
    [Fact]
    public async Task Who_does_not_fit_waits_its_turn_and_one_larger_than_all_passes_alone()
    {
        var budget = new DecodeBudget(100);
        budget.Enter(1000).Dispose();
        var first = budget.Enter(60);
        using (budget.Enter(40))
        {
            // Full: the next waits, and the small one after it does not overtake.
            var second = Task.Run(() => budget.Enter(60));
            SpinWait.SpinUntil(() => budget.Waiting == 1);
            var third = Task.Run(() => budget.Enter(1));
            SpinWait.SpinUntil(() => budget.Waiting == 2);
            Assert.False(second.IsCompleted || third.IsCompleted);

            first.Dispose();
            first.Dispose();
            using var large = await second;

            // 40 and 60 are held; giving back twice gave nothing more.
            Assert.False(third.IsCompleted);
            large.Dispose();
            (await third).Dispose();
        }

        Assert.Equal(0, budget.Waiting);
    }

    [Fact]
    public async Task An_image_is_decoded_once_its_pixels_fit()
    {
        // 8 x 4 pixels of 8 bytes, and 8 rows of 16 for the resizing.
        var budget = new DecodeBudget((8 * 4 * ImageDecoder.BytesPerPixel) + (8 * 16));
        var held = budget.Enter(1);
        var decoding = Task.Run(() => ImageDecoder.Decode(Png(), budget, 16));
        SpinWait.SpinUntil(() => budget.Waiting == 1);
        Assert.False(decoding.IsCompleted);

        held.Dispose();
        var decoded = await decoding;
        Assert.Equal((8, 4), (decoded.Pixels!.Width, decoded.Pixels.Height));

        // The share is kept until the pixels are no longer used.
        var next = Task.Run(() => budget.Enter(1));
        SpinWait.SpinUntil(() => budget.Waiting == 1);
        decoded.Dispose();
        (await next).Dispose();

        // One that cannot be decoded gives its share back: nothing is held when the next asks for all.
        Assert.Null(ImageDecoder.Decode(Png()[..50], budget, 16).Pixels);
        budget.Enter(1000).Dispose();
    }

    private static ReadOnlyMemory<byte> Png()
    {
        using var bitmap = new SKBitmap(8, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(1, 2, 3));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
