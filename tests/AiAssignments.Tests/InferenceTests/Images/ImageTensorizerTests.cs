using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Scoring;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using SkiaSharp;

namespace AiAssignments.Tests.InferenceTests.Images;

public sealed class ImageTensorizerTests
{
    private static readonly ImagePreprocessing Spec = new(4, 4, 3, "NCHW", "RGB", 1.0 / 255, [0.5, 0.25, 0], [0.5, 1, 2]);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void Decodes_and_normalizes(SKEncodedImageFormat format)
    {
        var tensor = Fill(Spec, Encoded(4, 4, new SKColor(255, 128, 64), format));

        // One colour survives every codec within its rounding.
        Assert.Equal((1 - 0.5) / 0.5, tensor[0], 0.03);
        Assert.Equal((128 / 255.0) - 0.25, tensor[16], 0.03);
        Assert.Equal(64 / 255.0 / 2, tensor[32], 0.03);
    }

    [Fact]
    public void Lays_out_as_the_card_says()
    {
        var planes = Enumerable.Range(0, 48).Select(i => (byte)(i * 5)).ToArray();
        var raw = new ImageRecord(default, planes, new(4, 4, 3, true), null, []);
        var interleaved = new ImageRecord(default, Enumerable.Range(0, 48).Select(i => planes[((i % 3) * 16) + (i / 3)]).ToArray(), new(4, 4, 3, false), null, []);

        var rgb = Fill(Spec, raw);
        Assert.Equal(rgb, Fill(Spec, interleaved));
        Assert.Equal((float)(((planes[17] / 255.0) - 0.25) / 1), rgb[17], 1e-6);

        // Mean and std stay with the tensor's own channels.
        var plain = Spec with { Mean = [0, 0, 0], Std = [1, 1, 1] };
        var bgr = Fill(plain with { ChannelOrder = "BGR" }, raw);
        Assert.Equal(planes[5] / 255f, bgr[32 + 5], 1e-6);
        Assert.Equal(bgr, Fill(plain with { ChannelOrder = "BGR" }, interleaved));

        var nhwc = Fill(plain with { Layout = "NHWC" }, raw);
        Assert.Equal(planes[16 + 7] / 255f, nhwc[(7 * 3) + 1], 1e-6);
        Assert.Equal(nhwc, Fill(plain with { Layout = "NHWC" }, interleaved));
    }

    [Fact]
    public void Grey_is_luma_and_grey_becomes_three_equal_channels()
    {
        var grey = new ImagePreprocessing(1, 1, 1, "NCHW", "RGB", 1, [0], [1]);

        // 0.299 R + 0.587 G + 0.114 B of (10, 100, 200) is 84.49.
        Assert.Equal([84f], Fill(grey, new ImageRecord(default, new byte[] { 10, 100, 200 }, new(1, 1, 3, false), null, [])));
        var colour = new ImagePreprocessing(1, 1, 3, "NCHW", "RGB", 1, [0, 0, 0], [1, 1, 1]);
        Assert.Equal([7f, 7f, 7f], Fill(colour, new ImageRecord(default, new byte[] { 7 }, new(1, 1, 1, false), null, [])));
    }

    [Fact]
    public void Shrinking_averages_and_growing_interpolates()
    {
        // Worked out by hand from the triangle filter: 4 -> 2 weighs the neighbours 3/7, 3/7 and 1/7; 2 -> 4 weighs 3/4 and 1/4.
        var shrunk = Resampler.Resize(new(4, 1, 1, [0, 70, 140, 210]), "bilinear", (2, 1), 0, 0, 2, 1);
        Assert.Equal([50, 160], shrunk.Samples.Select(sample => (int)sample));

        var grown = Resampler.Resize(new(2, 1, 1, [0, 100]), "bilinear", (4, 1), 0, 0, 4, 1);
        Assert.Equal([0, 25, 75, 100], grown.Samples.Select(sample => (int)sample));

        var nearest = Resampler.Resize(new(2, 1, 1, [0, 100]), "nearest", (4, 1), 0, 0, 4, 1);
        Assert.Equal([0, 0, 100, 100], nearest.Samples.Select(sample => (int)sample));
    }

    [Theory]
    [InlineData("bilinear")]
    [InlineData("bicubic")]
    public void A_window_is_cut_from_the_whole(string filter)
    {
        var random = new Random(3);
        var samples = new byte[13 * 11 * 3];
        random.NextBytes(samples);
        var source = new Pixels(13, 11, 3, samples);

        var whole = Resampler.Resize(source, filter, (8, 7), 0, 0, 8, 7);
        var window = Resampler.Resize(source, filter, (8, 7), 2, 1, 4, 5);

        for (var y = 0; y < 5; y++)
        {
            Assert.Equal(whole.Samples[((((y + 1) * 8) + 2) * 3)..((((y + 1) * 8) + 6) * 3)], window.Samples[(y * 12)..((y + 1) * 12)]);
        }
    }

    [Fact]
    public void The_centre_is_cropped()
    {
        var samples = Enumerable.Range(0, 8 * 4).Select(i => (byte)(i % 8)).ToArray();
        var spec = new ImagePreprocessing(4, 4, 1, "NCHW", "RGB", 1, [0], [1], "shortest-edge-crop");

        Assert.Equal([2f, 3f, 4f, 5f], Fill(spec, new ImageRecord(default, samples, new(8, 4, 1, false), null, []))[..4]);
    }

    [Theory]
    [InlineData(1, "0 1 2 3 4 5")]
    [InlineData(2, "2 1 0 5 4 3")]
    [InlineData(3, "5 4 3 2 1 0")]
    [InlineData(4, "3 4 5 0 1 2")]
    [InlineData(5, "0 3 1 4 2 5")]
    [InlineData(6, "3 0 4 1 5 2")]
    [InlineData(7, "5 2 4 1 3 0")]
    [InlineData(8, "2 5 1 4 0 3")]
    public void Exif_orientation_is_undone(int origin, string expected)
    {
        // Stored 3 x 2; the tables are those of the TIFF 6.0 specification, tag 274.
        var rgba = Enumerable.Range(0, 6).SelectMany(i => new byte[] { (byte)i, 0, 0, 255 }).ToArray();

        var upright = ImageDecoder.Upright(rgba, 3, 2, origin);

        Assert.Equal(origin >= 5 ? (2, 3) : (3, 2), (upright.Width, upright.Height));
        Assert.Equal(expected, string.Join(' ', upright.Samples.Where((_, i) => i % 3 == 0)));
    }

    [Fact]
    public async Task Bad_images_are_errors_of_their_own()
    {
        using var folder = new TemporaryFolder();
        using var scorer = ModelScorer.Create(Packages.Open(folder, TinyGraphs.ChannelMeans(batch: 2), Packages.Card(ModelTask.ImageClassification, 3)), null);
        var good = Encoded(4, 4, new SKColor(0, 255, 0), SKEncodedImageFormat.Png);
        var huge = good.Content.ToArray();
        huge.AsSpan(16, 8).Fill(0x7F);
        DatasetRecord[] records =
        [
            good,
            good with { Content = "not an image"u8.ToArray() },
            good with { Content = good.Content[..(good.Content.Length / 2)] },
            good with { Content = ReadOnlyMemory<byte>.Empty },
            good with { Content = huge },
            good with { Content = new byte[5], Raw = new(2, 2, 3, false) },
            good,
        ];

        var scored = await scorer.ScoreAsync(records, null, default);

        string?[] codes = [null, "image-undecodable", "image-undecodable", "image-size", null, "image-raw-size", null];
        Assert.Equal(1, scored[0].Prediction!.Best());
        Assert.Equal(1, scored[6].Prediction!.Best());
        for (var i = 0; i < records.Length; i++)
        {
            if (i != 4)
            {
                Assert.Equal(codes[i], scored[i].Error?.Code);
            }
        }

        // The header's checksum is wrong as well, so that the codec may refuse it before its size is looked at.
        Assert.Contains(scored[4].Error!.Code, (string[])["image-size", "image-undecodable"]);
    }

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(-float.MaxValue)]
    public async Task An_image_with_logits_that_are_not_finite_is_an_error_of_its_own(float factor)
    {
        // A mean of 255 times the largest number overflows to infinity; black stays 0.
        using var folder = new TemporaryFolder();
        var card = Packages.Card(ModelTask.ImageClassification, 3);
        var package = Packages.Open(folder, TinyGraphs.ChannelMeans(factor: factor), card with { Image = card.Image! with { Scale = 1 } });
        using var scorer = ModelScorer.Create(package, null);
        var white = new byte[48];
        Array.Fill(white, byte.MaxValue);
        ImageRecord Raw(byte[] samples) => new(default, samples, new(4, 4, 3, true), null, []);

        var scored = await scorer.ScoreAsync([Raw(new byte[48]), Raw(white), Raw(new byte[48])], null, default);

        Assert.Equal("logits-not-finite", scored[1].Error!.Code);
        Assert.All([scored[0], scored[2]], fine => Assert.NotNull(fine.Prediction));
    }

    private static ImageRecord Encoded(int width, int height, SKColor colour, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(colour);
        using var data = bitmap.Encode(format, 100);
        return new(default, data.ToArray(), null, null, []);
    }

    private static float[] Fill(ImagePreprocessing spec, ImageRecord record)
    {
        var tensorizer = new ImageTensorizer(spec);
        var tensor = new float[tensorizer.Length];
        Assert.Null(tensorizer.Fill(record, tensor));
        return tensor;
    }
}
