using Retrofit;
using TorchSharp;

torch.manual_seed(1);
var (train, test) = Digits.Read();
var file = Path.Combine(Path.GetTempPath(), "retrofit.before.dat");

using (var net = new DigitNet())
{
    Console.WriteLine($"parameters: {net.parameters().Sum(parameter => parameter.numel())}");
    new Trainer(net).Fit(train, test, epochs: 20);
    net.save(file);
}

using var recognizer = new Recognizer(file);
Console.WriteLine($"recognized: {recognizer.Accuracy(test):P1}, again: {recognizer.Accuracy(test):P1}");
