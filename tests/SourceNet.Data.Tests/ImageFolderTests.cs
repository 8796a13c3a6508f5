using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Data.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly SKColor s_red = new(255, 0, 0);
    private static readonly SKColor s_green = new(0, 255, 0);
    private static readonly SKColor s_blue = new(0, 0, 255);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Classes_and_images_are_in_ordinal_order_whatever_they_are_written_in()
    {
        Write("b/2.png", s_red);
        Write("b/10.png", s_red);
        Write("a/x/y.PNG", s_green);
        Write("a/z.png", s_green);
        Write("Z/1.png", s_blue);
        Write("Z/notes.txt", []);

        var images = Load();

        Assert.Equal(["Z", "a", "b"], images.ClassNames);
        Assert.Equal(["Z/1.png", "a/x/y.PNG", "a/z.png", "b/10.png", "b/2.png"],
            images.Files.Select(file => Path.GetRelativePath(folder.Path, file).Replace('\\', '/')));
        Assert.Equal([0, 1, 1, 2, 2], images.Labels);
        Assert.Equal((5, 3, new ImageShape(3, 4, 4)), (images.Count, images.Classes, images.Shape));
        Assert.Equal([0, 0, 255], Pixel(images, 0));
        Assert.Equal([0, 255, 0], Pixel(images, 1));
    }

    [Fact]
    public void Batches_are_decoded_augmented_and_the_same_twice()
    {
        for (var index = 0; index < 9; index++)
        {
            Write($"{(index % 2 == 0 ? "even" : "odd")}/{index}.png", new SKColor((byte)(index * 20), 7, 9));
        }

        var batches = new Batches(Load(), new Augmentation(flip: new(), jitter: new(0.3)), 4, seed: 3, shuffle: true);
        var before = LiveTensors.Count;

        var one = batches.Epoch(1).Select(batch => (Images: batch.Images.data<float>().ToArray(), Labels: batch.Labels.data<long>().ToArray())).ToList();
        var two = batches.Epoch(1).Select(batch => batch.Images.data<float>().ToArray()).ToList();

        Assert.Equal([4, 4, 1], one.Select(batch => batch.Labels.Length));
        Assert.Equal(5, one.SelectMany(batch => batch.Labels).Count(label => label == 0));
        Assert.Equal(one.SelectMany(batch => batch.Images), two.SelectMany(batch => batch));
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void A_model_learns_from_a_folder()
    {
        for (var index = 0; index < 8; index++)
        {
            Write($"dark/{index}.png", new SKColor((byte)(10 + index), 20, 30));
            Write($"light/{index}.png", new SKColor((byte)(240 - index), 220, 230));
        }

        var images = Load();
        manual_seed(1);
        using var model = nn.Sequential(nn.Flatten(), nn.Linear(48, 2));
        var history = new Trainer(model, (output, target) => nn.functional.cross_entropy(output, target), _ => optim.SGD(model.parameters(), 0.1),
            new() { Epochs = 20 })
            .Fit(new Batches(images, new Augmentation(), 4, seed: 1, shuffle: true));

        Assert.True(history.Final.TrainLoss < 0.2, $"{history.Final.TrainLoss}");
    }

    [Fact]
    public void Bytes_of_some_images_or_of_all_of_them_in_memory_are_those_that_are_read()
    {
        Write("a/1.png", s_red);
        Write("a/2.png", s_green);
        Write("b/1.png", s_blue);
        var images = Load();

        using var some = images.Read([2, 0]);
        using var all = images.InMemory();

        Assert.Equal((ScalarType.Byte, "2, 3, 4, 4"), (some.dtype, string.Join(", ", some.shape)));
        Assert.Equal(Bytes(images, 2).Concat(Bytes(images, 0)), some.data<byte>().ToArray());
        Assert.Equal([0, 0, 1], all.Labels.ToArray());
        var read = new byte[48];
        all.Read(1, read);
        Assert.Equal(Bytes(images, 1), read);
    }

    [Fact]
    public void Gray_images_have_three_equal_channels_and_color_ones_one_gray()
    {
        Write("a/color.png", new SKColor(200, 100, 50));
        Write("a/gray.png", Pictures.Encode(4, 4, (_, _) => new SKColor(77, 77, 77), isGray: true));

        Assert.Equal([200, 100, 50], Pixel(Load(), 0));
        Assert.Equal([77, 77, 77], Pixel(Load(), 1));
        Assert.Equal([124], Pixel(Load(new() { Channels = 1 }), 0)); // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
        Assert.Equal([77], Pixel(Load(new() { Channels = 1 }), 1));
    }

    [Fact]
    public void Transparent_pixels_show_the_background()
    {
        Write("a/clear.png", new SKColor(200, 100, 50, 0));
        Write("a/half.png", new SKColor(200, 100, 0, 128));

        Assert.Equal([0, 0, 0], Pixel(Load(), 0));
        Assert.Equal([255, 255, 255], Pixel(Load(new() { Background = 255 }), 0));
        Assert.All(Pixel(Load(), 1).Zip([100, 50, 0]), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.All(Pixel(Load(new() { Background = 255 }), 1).Zip([227, 177, 127]), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Theory]
    [InlineData(1, "RG BW")]
    [InlineData(2, "GR WB")]
    [InlineData(3, "WB GR")]
    [InlineData(4, "BW RG")]
    [InlineData(5, "RB GW")]
    [InlineData(6, "BR WG")]
    [InlineData(7, "WG BR")]
    [InlineData(8, "GW RB")]
    public void An_image_is_turned_as_its_orientation_says(byte orientation, string upright)
    {
        // Red and green above blue and white, in blocks of JPEG, twice as wide as high.
        SKColor[] colors = [s_red, s_green, s_blue, SKColors.White];
        var jpeg = Pictures.Encode(64, 32, (x, y) => colors[(x / 32) + (2 * (y / 16))], SKEncodedImageFormat.Jpeg);
        Write("a/1.jpg", Pictures.Oriented(jpeg, orientation));
        var images = ImageFolder.Load(folder.Path, 2, 2, new() { Fit = ImageFit.Stretch });

        var image = Bytes(images, 0);

        var seen = Enumerable.Range(0, 4).Select(place => (image[place] > 128, image[4 + place] > 128, image[8 + place] > 128) switch
        {
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            (true, true, true) => 'W',
            _ => '?',
        }).ToArray();
        Assert.Equal(upright, $"{seen[0]}{seen[1]} {seen[2]}{seen[3]}");
        var (_, shape) = ImageFile.Decode(images.Files[0], 3, 0);
        Assert.Equal(orientation < 5 ? (32, 64) : (64, 32), (shape.Height, shape.Width));
    }

    [Fact]
    public void A_wide_image_is_cut_stretched_or_padded()
    {
        // Green between red and blue, 12 x 4.
        Write("a/1.png", Pictures.Encode(12, 4, (x, _) => x < 4 ? s_red : x < 8 ? s_green : s_blue));

        Assert.All(Rows(ImageFit.Crop), row => Assert.Equal("GGGGGGGGGGGG", row));
        Assert.All(Rows(ImageFit.Stretch), row => Assert.Equal("RRRRGGGGBBBB", row));
        Assert.Equal(["............", "RRRRGGGGBBBB", "............"], Rows(ImageFit.Pad).Where((_, row) => row is 3 or 4 or 8));

        List<string> Rows(ImageFit fit)
        {
            var image = Bytes(ImageFolder.Load(folder.Path, 12, 12, new() { Fit = fit }), 0);
            return [.. Enumerable.Range(0, 12).Select(y => string.Concat(Enumerable.Range(0, 12).Select(x =>
                (image[(y * 12) + x], image[144 + (y * 12) + x], image[288 + (y * 12) + x]) switch
                {
                    (255, 0, 0) => 'R',
                    (0, 255, 0) => 'G',
                    (0, 0, 255) => 'B',
                    (0, 0, 0) => '.',
                    _ => '?',
                })))];
        }
    }

    [Fact]
    public void An_image_of_its_own_size_is_byte_for_byte_what_is_stored()
    {
        Write("a/1.png", Pictures.Encode(5, 3, (x, y) => new SKColor((byte)(x * 50), (byte)(y * 80), (byte)(x + y))));
        var image = Bytes(ImageFolder.Load(folder.Path, 3, 5), 0);

        Assert.Equal(Enumerable.Range(0, 15).Select(place => (byte)(place % 5 * 50)), image[..15]);
        Assert.Equal(Enumerable.Range(0, 15).Select(place => (byte)(place / 5 * 80)), image[15..30]);
    }

    [Fact]
    public void Files_that_are_no_images_are_told_by_name_when_the_folder_is_loaded()
    {
        Write("a/1.png", s_red);
        Write("a/2.jpg", "no image"u8.ToArray());
        var message = Assert.Throws<InvalidDataException>(() => Load()).Message;

        Assert.Contains("2.jpg: expected an image that can be decoded (JPEG, PNG, WebP, BMP, GIF), found 8 bytes", message);
        Write("a/3.jpg", []);
        message = Assert.Throws<InvalidDataException>(() => Load()).Message;
        Assert.StartsWith("2 files are no images:", message);
        Assert.Contains("3.jpg", message);
    }

    [Fact]
    public void A_file_that_is_damaged_behind_its_header_is_told_where_the_loop_comes_to_it()
    {
        Write("a/1.png", s_red);
        var whole = Pictures.Encode(64, 64, (x, y) => new SKColor((byte)(x * y), (byte)(x ^ y), (byte)(x + y)));
        Write("a/2.png", whole[..(whole.Length / 2)]);
        var images = Load();
        var before = LiveTensors.Count;

        var error = Assert.Throws<InvalidDataException>(() => new Batches(images, new Augmentation(), 1).Epoch(0).Count());

        Assert.Contains("2.png: expected a whole image of 64 x 64, found a damaged one", error.Message);
        Assert.Equal(before, LiveTensors.Count);
        Assert.Contains("2.png", Assert.Throws<InvalidDataException>(images.InMemory).Message);
    }

    [Fact]
    public void Broken_files_are_left_out_on_request_and_listed()
    {
        Write("a/1.png", s_red);
        Write("a/2.png", "no image"u8.ToArray());
        var whole = Pictures.Encode(64, 64, (x, y) => new SKColor((byte)(x * y), (byte)(x ^ y), (byte)(x + y)));
        Write("b/3.png", whole[..(whole.Length / 2)]);
        Write("b/4.png", s_blue);
        using var report = new StringWriter();

        var images = Load(new() { Broken = BrokenImages.Skip, Report = report });

        Assert.Equal(["1.png", "4.png"], images.Files.Select(Path.GetFileName));
        Assert.Equal([0, 1], images.Labels);
        Assert.Equal(2, images.Skipped.Count);
        Assert.StartsWith("2 of 4 images are left out:", report.ToString());
        Assert.Contains("2.png", report.ToString());
        Assert.Contains("3.png", report.ToString());
    }

    [Fact]
    public void Validation_images_have_the_classes_of_the_training_images()
    {
        Write("b/1.png", s_red);
        Assert.Equal([1], Load(new() { Classes = ["a", "b"] }).Labels);
        Assert.Contains("expected folders of the classes a, c, found b",
            Assert.Throws<InvalidDataException>(() => Load(new() { Classes = ["a", "c"] })).Message);
    }

    [Fact]
    public void Folders_and_settings_that_do_not_fit_are_told()
    {
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Load(folder.File("none"), 4, 4));
        Assert.Contains("a folder for each class, found none", Assert.Throws<InvalidDataException>(() => Load()).Message);
        Directory.CreateDirectory(folder.File("empty"));
        Assert.Contains("expected images", Assert.Throws<InvalidDataException>(() => Load()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(folder.Path, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { Channels = 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(new() { Background = 256 }));
        Write("empty/1.png", s_red);
        Assert.Throws<ArgumentOutOfRangeException>(() => Load().Read(1, new byte[48]));
        Assert.Throws<ArgumentException>(() => Load().Read(0, new byte[47]));
    }

    private ImageFolder Load(ImageFolderOptions? options = null) => ImageFolder.Load(folder.Path, 4, 4, options);

    private void Write(string name, SKColor color) => Write(name, Pictures.Plain(color));

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, content);
    }

    private static byte[] Bytes(ImageFolder images, int index)
    {
        var image = new byte[images.Shape.Count];
        images.Read(index, image);
        return image;
    }

    /// <summary>The first pixel.</summary>
    private static int[] Pixel(ImageFolder images, int index) =>
        [.. Bytes(images, index).Where((_, place) => place % images.Shape.Pixels == 0).Select(value => (int)value)];
}
